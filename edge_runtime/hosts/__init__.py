"""The platforms that programs run on: memory, terminal, browser."""

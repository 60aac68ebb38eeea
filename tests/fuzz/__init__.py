"""Fuzzing: whatever the bytes, the answer is a result or a diagnostic, and soon."""

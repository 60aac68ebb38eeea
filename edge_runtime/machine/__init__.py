"""Runs a program: modules, built-ins, errors."""

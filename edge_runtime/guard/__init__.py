"""What a program may say: names, syntax, and the guards that run with it."""

"""What happens inside the process: answers, pins, reloading, and how all of it grows."""

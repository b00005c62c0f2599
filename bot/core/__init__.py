"""The values and decisions that all other packages share. Pure: no I/O, no clock, no logging, no SDK."""

"""Experiments: which of several letters does better, and what letters earn, each with its uncertainty."""

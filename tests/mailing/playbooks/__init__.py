"""Shipped series, lived through by people."""

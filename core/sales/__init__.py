"""What people bought: purchases and their import."""

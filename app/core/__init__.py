"""The kernel: what every room stands on; it knows no room and no domain table."""

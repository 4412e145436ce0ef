"""What people are told, and shown, while their picture is not there yet."""

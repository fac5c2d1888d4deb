"""What people see is bound to what it shows: who sees what now, and drawing it anew."""

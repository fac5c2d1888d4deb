"""The Web API: its methods by family, and what stands before every call."""

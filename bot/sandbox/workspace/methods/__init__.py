"""The Web API's methods, by family."""

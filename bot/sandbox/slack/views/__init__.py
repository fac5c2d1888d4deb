"""Modals and home tabs: what stands in them and what a person enters."""

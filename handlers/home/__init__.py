"""App Home: where an agent's day starts, and where admins configure Makegood."""

from handlers.home.page import Page, keep_home_true, publish_home, refresh_home

__all__ = ["Page", "keep_home_true", "publish_home", "refresh_home"]

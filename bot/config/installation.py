"""The configuration of an installation: what is kept of it, over what its settings say."""

from __future__ import annotations

from sqlite_utils import Database

from bot.config.configuration import Configuration
from bot.config.live_configuration import LiveConfiguration
from bot.config.settings import Settings
from storage.configuration.history import ConfigurationLog


def defaults(settings: Settings) -> Configuration:
    """Return the configuration before anybody has changed it."""
    return Configuration(audit_channel=settings.slack_channel, notifications=settings.notifications)


def live_configuration(settings: Settings, db: Database) -> LiveConfiguration:
    """Return the configuration as it is kept, over the defaults."""
    return LiveConfiguration(ConfigurationLog(db), defaults(settings), settings.reasons)

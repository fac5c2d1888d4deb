"""What the bot remembers, on SQLite: the action log, order threads and forms being filled in.

It takes plain values and knows nobody. One connection belongs to one thread: call it straight from
the event loop, where a write takes a quarter of a millisecond, and never through a thread pool.
"""

from storage.action_log import ActionLog, Admit
from storage.configuration import ConfigurationChange, ConfigurationLog
from storage.database import is_usable, open_database, read_database
from storage.drafts import Draft, Drafts
from storage.entries import Entry, Event, FollowUp, Hold
from storage.folder import DataFolder
from storage.links import Conversation, Link, Links
from storage.notices import Notice, Notices
from storage.order_threads import OrderThreads, Thread
from storage.outside_events import OutsideEvent, OutsideEvents
from storage.references import new_reference
from storage.trouble import DataFolderError

__all__ = [
    "ActionLog",
    "Admit",
    "ConfigurationChange",
    "ConfigurationLog",
    "Conversation",
    "DataFolder",
    "DataFolderError",
    "Draft",
    "Drafts",
    "Entry",
    "Event",
    "FollowUp",
    "Hold",
    "Link",
    "Links",
    "Notice",
    "Notices",
    "OrderThreads",
    "OutsideEvent",
    "OutsideEvents",
    "Thread",
    "is_usable",
    "new_reference",
    "open_database",
    "read_database",
]

"""What the bot remembers, on SQLite: the action log, order threads and forms being filled in.

It takes plain values and knows nobody. One connection belongs to one thread: call it straight from
the event loop, where a write takes a quarter of a millisecond, and never through a thread pool.
"""

from storage.action_log import ActionLog
from storage.backup import Manifest, restore_backup, write_backup
from storage.configuration import ConfigurationChange, ConfigurationLog
from storage.database import is_usable, open_database, read_database
from storage.drafts import Draft, Drafts
from storage.entries import Counted, Entry, Event, FollowUp, Hold
from storage.folder import DataFolder
from storage.links import Conversation, Link, Links
from storage.order_threads import OrderThreads, Thread
from storage.outbox import Outbox
from storage.outside_events import OutsideEvent, OutsideEvents
from storage.owner import LogOwner, Owner
from storage.periods import LogPeriods, Period
from storage.person_choices import PersonChoices
from storage.posts import Post
from storage.proposals import Proposal, Proposals
from storage.references import new_reference
from storage.trouble import DataFolderError, DataFolderGone
from storage.webhook_counts import WebhookCount, WebhookCounts

__all__ = [
    "ActionLog",
    "ConfigurationChange",
    "ConfigurationLog",
    "Conversation",
    "Counted",
    "DataFolder",
    "DataFolderError",
    "DataFolderGone",
    "Draft",
    "Drafts",
    "Entry",
    "Event",
    "FollowUp",
    "Hold",
    "Link",
    "Links",
    "LogOwner",
    "LogPeriods",
    "Manifest",
    "OrderThreads",
    "Outbox",
    "OutsideEvent",
    "OutsideEvents",
    "Owner",
    "Period",
    "PersonChoices",
    "Post",
    "Proposal",
    "Proposals",
    "Thread",
    "WebhookCount",
    "WebhookCounts",
    "is_usable",
    "new_reference",
    "open_database",
    "read_database",
    "restore_backup",
    "write_backup",
]

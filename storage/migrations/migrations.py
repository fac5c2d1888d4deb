"""The tables, as steps that are never edited once released: add a new one instead."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from storage.migrations.approval_tables import add_approvals
from storage.migrations.code_columns import add_code_ends
from storage.migrations.customer_columns import add_customer_keys
from storage.migrations.ending_tables import add_endings
from storage.migrations.mail_columns import add_mail_tries
from storage.migrations.outbox_tables import add_outbox
from storage.migrations.outcome_tables import carry_outcomes_over
from storage.migrations.people_tables import add_gone_people, add_known_people
from storage.migrations.proposal_tables import add_proposals

migrations = Migrations("makegood")


@migrations()
def m001_action_log(db: Database) -> None:
    """One row for each request, and every event of its life in a table that only grows."""
    db.execute(
        """
        CREATE TABLE action_log (
            reference TEXT PRIMARY KEY,
            action TEXT NOT NULL,
            order_id INTEGER,
            team_id TEXT NOT NULL,
            actor_id TEXT NOT NULL,
            request TEXT NOT NULL,
            status TEXT,
            outcome TEXT,
            asked_at TEXT NOT NULL,
            sent_at TEXT,
            finished_at TEXT,
            next_check_at TEXT,
            round INTEGER NOT NULL DEFAULT 1,
            finished_round INTEGER NOT NULL DEFAULT 0,
            channel TEXT,
            thread_ts TEXT,
            message_ts TEXT,
            telling_status TEXT,
            tellings INTEGER NOT NULL DEFAULT 0,
            next_telling_at TEXT,
            told_status TEXT,
            told_at TEXT
        ) STRICT
        """
    )
    db.execute("CREATE INDEX log_by_order ON action_log (order_id, asked_at)")
    db.execute("CREATE INDEX log_by_actor ON action_log (team_id, actor_id, asked_at)")
    db.execute("CREATE INDEX log_by_time ON action_log (asked_at)")
    db.execute("CREATE INDEX log_unfinished ON action_log (asked_at) WHERE finished_round < round")
    db.execute("CREATE INDEX log_untold ON action_log (asked_at) WHERE told_status IS NOT status")
    db.execute("CREATE INDEX log_due ON action_log (next_check_at) WHERE next_check_at IS NOT NULL")
    db.execute(
        """
        CREATE TABLE action_events (
            id INTEGER PRIMARY KEY,
            reference TEXT NOT NULL REFERENCES action_log (reference),
            at TEXT NOT NULL,
            event TEXT NOT NULL,
            detail TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX events_by_reference ON action_events (reference, id)")
    _forbid(db, "action_events", "UPDATE")
    _forbid(db, "action_events", "DELETE")
    _forbid(db, "action_log", "DELETE")


@migrations()
def m002_order_threads(db: Database) -> None:
    """Which thread tells an order's story."""
    db.execute(
        """
        CREATE TABLE order_threads (
            order_id INTEGER PRIMARY KEY,
            channel TEXT NOT NULL,
            thread_ts TEXT NOT NULL,
            saved_at TEXT NOT NULL
        ) STRICT
        """
    )


@migrations()
def m003_drafts(db: Database) -> None:
    """Forms that are being filled in."""
    db.execute(
        """
        CREATE TABLE drafts (
            draft_id TEXT PRIMARY KEY,
            reference TEXT NOT NULL,
            team_id TEXT NOT NULL,
            actor_id TEXT NOT NULL,
            action TEXT NOT NULL,
            order_id INTEGER,
            view_id TEXT,
            step TEXT NOT NULL,
            "values" TEXT NOT NULL,
            context TEXT NOT NULL,
            request TEXT,
            review TEXT,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX drafts_by_age ON drafts (updated_at)")


@migrations()
def m004_facts_stay(db: Database) -> None:
    """What was asked stays as it was asked, and what was sent stays sent, whatever the code."""
    asked = "reference, action, order_id, team_id, actor_id, request, asked_at"
    db.execute(
        f"CREATE TRIGGER action_log_asked_stays BEFORE UPDATE OF {asked} ON action_log"
        " BEGIN SELECT RAISE(ABORT, 'a request stays as it was asked'); END"
    )
    db.execute(
        "CREATE TRIGGER action_log_sent_once BEFORE UPDATE OF sent_at ON action_log"
        " WHEN OLD.sent_at IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'a request is sent once'); END"
    )


@migrations()
def m005_roots_to_draw(db: Database) -> None:
    """When a thread's root message is to be drawn anew at the latest; NULL: it is up to date."""
    db.execute("ALTER TABLE order_threads ADD COLUMN refresh_at TEXT")
    db.execute(
        "CREATE INDEX order_threads_due ON order_threads (refresh_at) WHERE refresh_at IS NOT NULL"
    )


@migrations()
def m006_customer_mail(db: Database) -> None:
    """The bot's own e-mail about a request: the right to send it, and what became of it."""
    db.execute("ALTER TABLE action_log ADD COLUMN mail_claimed_at TEXT")
    db.execute("ALTER TABLE action_log ADD COLUMN mail_result TEXT")
    db.execute("ALTER TABLE action_log ADD COLUMN mail_reason TEXT")
    db.execute(
        "CREATE TRIGGER action_log_mailed_once BEFORE UPDATE OF mail_claimed_at ON action_log"
        " WHEN OLD.mail_claimed_at IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'an e-mail is sent once'); END"
    )


@migrations()
def m007_configuration(db: Database) -> None:
    """Every change of the configuration; the latest of each section counts."""
    db.execute(
        """
        CREATE TABLE configuration_changes (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            team_id TEXT NOT NULL,
            actor_id TEXT NOT NULL,
            section TEXT NOT NULL,
            before TEXT NOT NULL,
            after TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX configuration_by_section ON configuration_changes (section, id)")
    _forbid(db, "configuration_changes", "UPDATE")
    _forbid(db, "configuration_changes", "DELETE")


@migrations()
def m008_approvals(db: Database) -> None:
    """What a request counts against limits, and the second person whom some requests wait for."""
    add_approvals(db)


@migrations()
def m009_links(db: Database) -> None:
    """Whom a channel or a thread (`thread_ts`, else empty) is about."""
    db.execute(
        """
        CREATE TABLE links (
            team_id TEXT NOT NULL,
            channel TEXT NOT NULL,
            thread_ts TEXT NOT NULL,
            customer_id INTEGER,
            order_id INTEGER,
            linked_by TEXT NOT NULL,
            linked_at TEXT NOT NULL,
            PRIMARY KEY (team_id, channel, thread_ts),
            CHECK ((customer_id IS NULL) <> (order_id IS NULL))
        ) STRICT
        """
    )
    db.execute("CREATE INDEX order_threads_by_place ON order_threads (channel, thread_ts)")


@migrations()
def m010_outside_events(db: Database) -> None:
    """What happened to orders outside the bot, and whether its thread has been told."""
    db.execute(
        """
        CREATE TABLE outside_events (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            order_id INTEGER NOT NULL,
            kind TEXT NOT NULL,
            detail TEXT NOT NULL,
            happened_at TEXT NOT NULL,
            received_at TEXT NOT NULL,
            verdict TEXT,
            reference TEXT,
            said TEXT,
            telling_at TEXT,
            told_at TEXT,
            tries INTEGER NOT NULL DEFAULT 0,
            next_try_at TEXT,
            channel TEXT,
            thread_ts TEXT,
            message_ts TEXT
        ) STRICT
        """
    )
    db.execute("CREATE INDEX outside_by_order ON outside_events (order_id, id)")
    db.execute(
        "CREATE INDEX outside_open ON outside_events (id)"
        " WHERE verdict IS NULL OR (verdict = 'outside' AND told_at IS NULL)"
    )
    _forbid(db, "outside_events", "DELETE")


@migrations()
def m011_follow_ups(db: Database) -> None:
    """Which request a request follows from: one at most from each, written down with its end."""
    db.execute("ALTER TABLE action_log ADD COLUMN follows TEXT REFERENCES action_log (reference)")
    db.execute("CREATE UNIQUE INDEX log_by_followed ON action_log (follows)")
    db.execute(
        "CREATE TRIGGER action_log_follows_stays BEFORE UPDATE OF follows ON action_log"
        " BEGIN SELECT RAISE(ABORT, 'what a request follows from stays'); END"
    )


@migrations()
def m012_whose_log(db: Database) -> None:
    """Whose the log is, up to when it knows the store, and where a restored one begins anew."""
    db.execute(
        """
        CREATE TABLE log_owner (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            store_hash TEXT NOT NULL,
            team_id TEXT NOT NULL,
            bot_id TEXT NOT NULL,
            since TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute(
        """
        CREATE TABLE log_periods (
            id INTEGER PRIMARY KEY,
            began_at TEXT NOT NULL,
            why TEXT NOT NULL,
            settled_at TEXT,
            found TEXT
        ) STRICT
        """
    )
    _forbid(db, "log_periods", "DELETE")
    db.execute(
        """
        CREATE TABLE store_looks (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            looked_at TEXT NOT NULL,
            coupon_id INTEGER NOT NULL,
            promotion_id INTEGER NOT NULL
        ) STRICT
        """
    )


@migrations()
def m013_endings(db: Database) -> None:
    """What people end by hand: money that they sent, and what BigCommerce left unknown."""
    add_endings(db)


@migrations()
def m014_log_file(db: Database) -> None:
    """Which file the log was last used in, to notice a copy of it."""
    db.execute(
        """
        CREATE TABLE log_file (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            inode TEXT NOT NULL
        ) STRICT
        """
    )


@migrations()
def m015_proposals(db: Database) -> None:
    """Changes of the configuration that loosen its rules wait for a second person."""
    add_proposals(db)


@migrations()
def m016_customer_keys(db: Database) -> None:
    """Whom a request's money goes to."""
    add_customer_keys(db)


@migrations()
def m017_known_people(db: Database) -> None:
    """Who was in the audit channel and in the user groups that count."""
    add_known_people(db)


@migrations()
def m018_webhook_counts(db: Database) -> None:
    """What came to the webhook receiver that it could not use; see `webhook_counts`."""
    db.execute(
        """
        CREATE TABLE webhook_counts (
            name TEXT PRIMARY KEY,
            count INTEGER NOT NULL,
            first_at TEXT NOT NULL,
            last_at TEXT NOT NULL
        ) STRICT
        """
    )


@migrations()
def m019_mail_tries(db: Database) -> None:
    """The e-mail to the customer is tried again while it is certain that nothing was sent."""
    add_mail_tries(db)


@migrations()
def m020_gone_people(db: Database) -> None:
    """Who was in the audit channel or in one of those user groups, and is not any more."""
    add_gone_people(db)


@migrations()
def m021_outbox(db: Database) -> None:
    """Everything that the bot says in Slack is a row of one table."""
    add_outbox(db)


@migrations()
def m022_person_choices(db: Database) -> None:
    """What people have chosen for themselves; see `person_choices`."""
    db.execute(
        """
        CREATE TABLE person_choices (
            team_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            settled_by TEXT NOT NULL,
            PRIMARY KEY (team_id, user_id)
        ) STRICT
        """
    )


@migrations()
def m023_code_ends(db: Database) -> None:
    """A discount code that no longer works: why, since when, and by whom."""
    add_code_ends(db)


@migrations()
def m024_counted_in(db: Database) -> None:
    """In which currency a request was counted; NULL: asked before that was kept."""
    db.execute("ALTER TABLE action_log ADD COLUMN counted_in TEXT")
    db.execute(
        "CREATE TRIGGER action_log_currency_stays BEFORE UPDATE OF counted_in ON action_log"
        " BEGIN SELECT RAISE(ABORT, 'a request stays as it was asked'); END"
    )


@migrations()
def m025_outcomes(db: Database) -> None:
    """Outcomes are messages of the outbox, too: what was told, or is to be, is carried over."""
    carry_outcomes_over(db)


@migrations()
def m026_due_messages(db: Database) -> None:
    """What is due is read in its order: messages, and the root messages after them."""
    due = "next_try_at IS NOT NULL"
    db.execute(
        "CREATE INDEX outbox_due_news ON outbox (noted = version, made_at, next_try_at)"
        f" WHERE kind <> 'root' AND {due}"
    )
    db.execute(
        "CREATE INDEX outbox_due_roots ON outbox (told_at, next_try_at)"
        f" WHERE kind = 'root' AND {due}"
    )


def _forbid(db: Database, table: str, change: str) -> None:
    db.execute(
        f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'the {table.replace('_', ' ')} only grows'); END"
    )

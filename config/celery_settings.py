"""Celery's settings, each with its reason (docs/how-it-works.md tells the whole story)."""

import sys

from config import env

broker_url = env.text("REDIS_URL", "redis://host:6379/0 or redis+socket:///path/valkey.sock")

# The tasks, and the sweeper that starts with every worker.
imports = ["tracker.tasks", "tracker.sweeper"]

# Only ids travel, as JSON; the state of a task is in the database's rows.
accept_content = ["json"]
task_serializer = "json"
task_ignore_result = True
result_backend = None

# A publisher must answer a patient in well under a second with a broker that is down or hung:
# no retries at any of the three layers that have them, and sub-second time-outs.
task_publish_retry = False
_publishing = "worker" not in sys.argv
broker_transport_options = {
    "max_retries": 0,
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5 if _publishing else 5,
    "health_check_interval": 10,
    "visibility_timeout": 120,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "global_keyprefix": "afterblock:",
}

# A worker (and the sweeper inside it) outlives any outage of the broker.
broker_connection_retry_on_startup = True
broker_connection_max_retries = None
worker_consumer = "config.consumer:PatientConsumer"

worker_prefetch_multiplier = 1
worker_hijack_root_logger = False
worker_soft_shutdown_timeout = 8
task_acks_late = False  # a lost hint costs a second, because the sweeper finds the row

task_default_queue = "default"
task_routes = {
    "tracker.deliver": {"queue": "alerts"},
    "tracker.apply_warning_signs": {"queue": "alerts"},
    "tracker.escalate_alerts": {"queue": "alerts"},
}

timezone = "UTC"
enable_utc = True

# Beat's ticks are hints as well: the sweeper of every worker does the same work without them.
beat_schedule = {
    "apply-warning-signs": {
        "task": "tracker.apply_warning_signs",
        "schedule": 30,
        "options": {"expires": 20},
    },
    "send-due-reminders": {
        "task": "tracker.send_due_reminders",
        "schedule": 5,
        "options": {"expires": 4},
    },
    "escalate-alerts": {
        "task": "tracker.escalate_alerts",
        "schedule": 10,
        "options": {"expires": 8},
    },
}

"""What each kind of broker needs of the job engine, as the trials showed (docs/decisions/0002-jobs.md)."""

from typing import Any

COMMON = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_ignore_result": True,
    "worker_prefetch_multiplier": 1,
    "broker_connection_retry_on_startup": True,
    "broker_connection_timeout": 2,  # seconds: a request may wait for it
    "accept_content": ["json"],
    "worker_hijack_root_logger": False,
}


def options(broker_url: str) -> dict[str, Any]:
    """What the broker at this address needs beside what all have in ``COMMON``."""
    kind = broker_url.partition(":")[0]
    if kind == "sqla+sqlite":
        return {
            "worker_prefetch_multiplier": 4,
            "broker_transport_options": {"connect_args": {"timeout": 30}},
            "worker_enable_remote_control": False,
        }
    if kind in ("amqp", "amqps"):
        return {
            "worker_detect_quorum_queues": True,
            "task_default_exchange_type": "topic",  # with quorum queues Celery warns of any other kind at each start
        }
    if kind in ("redis", "rediss"):
        return {
            "broker_transport_options": {
                "socket_timeout": 2,  # seconds, these two: a server that is frozen must not hold up a request
                "socket_connect_timeout": 2,
                "visibility_timeout": 300,  # seconds; a longer task is given out again, which does no harm: rows are claimed
                "unacked_restore_interval": 5,
                "unacked_restore_throttle": 1,
            }
        }
    return {}

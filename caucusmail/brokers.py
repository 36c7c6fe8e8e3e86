"""What each kind of broker needs of the job engine, as the trials showed (docs/decisions/0002-jobs.md)."""

from collections.abc import Iterable
from typing import Any

from kombu.entity import Queue

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


def queues(prefix: str, lanes: Iterable[str], broker_url: str) -> list[Queue]:
    """One for each lane, durable; on RabbitMQ of the kind that several machines keep."""
    arguments = {"x-queue-type": "quorum"} if broker_url.startswith("amqp") else None
    return [
        Queue(f"{prefix}.{lane}", routing_key=f"{prefix}.{lane}", queue_arguments=arguments, durable=True)  # type: ignore[no-untyped-call]  # kombu ships half its types
        for lane in lanes
    ]

import pytest

from caucusmail import brokers


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("sqla+sqlite:////tmp/b.sqlite3", "connect_args"),
        ("redis://127.0.0.1/0", "visibility_timeout"),
        ("redis://127.0.0.1/0", "'socket_timeout': 2"),
        ("amqp://127.0.0.1//", "worker_detect_quorum_queues"),
        ("amqp://127.0.0.1//", "topic"),
    ],
)
def test_each_broker_gets_what_it_needs(url: str, kind: str) -> None:
    assert kind in str(brokers.options(url))


def test_rabbitmq_queues_are_quorum_queues() -> None:
    [one] = brokers.queues("x", ["bulk"], "amqp://h//")
    assert (one.name, one.queue_arguments) == ("x.bulk", {"x-queue-type": "quorum"})
    assert brokers.queues("x", ["bulk"], "redis://h/0")[0].queue_arguments is None

from datetime import UTC, datetime

from sqlalchemy import bindparam, select, update

from caucusmail.database import db
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.delivery.prepared import Prepared
from tests import make
from tests.delivery.due import owe

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


def settle() -> Prepared:
    columns = Delivery.__table__.c
    statement = (
        update(Delivery)
        .where(Delivery.id == bindparam("row", required=True), Delivery.state == DeliveryState.QUEUED)
        .values(
            note="fixed",
            state=bindparam("new_state", required=True, type_=columns.state.type),
            settled_at=bindparam("new_at", required=True, type_=columns.settled_at.type),
        )
    )
    return Prepared(statement, db.engine.dialect)


def test_values_pass_the_types_of_their_columns_and_constants_are_filled_in():
    rows = owe("a@mail.example", "b@mail.example", "c@mail.example")
    prepared = settle()
    new = {"new_state": DeliveryState.WITHDRAWN, "new_at": AT}
    arguments = [prepared.arguments(new | {"row": row.id}) for row in rows[:2]]
    prepared.execute_each(db.session.connection().connection.cursor(), arguments)
    db.session.expire_all()
    assert [(row.state, row.note, row.settled_at) for row in make.rows(Delivery)] == [
        (DeliveryState.WITHDRAWN, "fixed", AT),
        (DeliveryState.WITHDRAWN, "fixed", AT),
        (DeliveryState.QUEUED, "", None),
    ]


def test_it_says_what_the_statement_returns_each_time_anew():
    first, second = owe("a@mail.example", "b@mail.example")
    statement = select(Delivery.address).where(Delivery.id == bindparam("row", required=True, type_=Delivery.id.type))
    prepared = Prepared(statement, db.engine.dialect)
    cursor = db.session.connection().connection.cursor()
    found = [prepared.execute(cursor, {"row": row.id}) for row in (second, first, second)]
    assert [row[0] for rows in found for row in rows] == ["b@mail.example", "a@mail.example", "b@mail.example"]

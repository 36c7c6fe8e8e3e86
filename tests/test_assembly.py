import pytest

from caucusmail import assembly, settings
from caucusmail.database import Model, db
from caucusmail.delivery.models import Delivery
from caucusmail.settings import BadSetting
from tests import another, make, settings_for


def test_a_house_without_pages_knows_its_tables_and_its_tasks_and_no_route(tmp_path):
    with another.left_as_it_was():
        house = assembly.without_pages(settings_for.testing(f"sqlite:///{tmp_path / 'house.sqlite3'}", tmp_path))
        with house.app_context():
            Model.metadata.create_all(db.engine)
            assert make.rows(Delivery) == []
            db.session.remove()
            db.engine.dispose()
        assert "caucusmail.deliver" in house.extensions["celery"].tasks
        assert [rule.endpoint for rule in house.url_map.iter_rules()] == ["static"]


def test_a_bad_setting_is_named(tmp_path):
    before = settings._current
    with another.left_as_it_was(), pytest.raises(BadSetting, match="SITE_URL"):
        assembly.without_pages(settings_for.testing("sqlite://", tmp_path, SITE_URL="ftp://caucus.example"))
    assert settings._current is before

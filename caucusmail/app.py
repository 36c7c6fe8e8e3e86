"""create_app(): config in, application out; one request, one transaction."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from werkzeug.middleware.proxy_fix import ProxyFix

from caucusmail import assembly, database, mailbox, settings, web
from caucusmail.assembly import ROOT
from caucusmail.demo import cast
from caucusmail.web import errors

SAFE = ("GET", "HEAD", "OPTIONS")


class House(Flask):
    """A Flask whose every request is one unit of work."""

    def full_dispatch_request(self) -> Response:
        """Answer the request; keep what it did only if the answer is no refusal, and commit before the answer leaves."""
        try:
            if request.method in SAFE:
                with database.reading():
                    return super().full_dispatch_request()
            with database.transaction():
                response = super().full_dispatch_request()
                if response.status_code >= 400:
                    database.give_up()
                return response
        except OperationalError as problem:  # full disk, locked or absent database: our fault, for now
            self.logger.error("database: %s", problem.orig)
            return errors.out_of_service()
        except IntegrityError as problem:  # two did at once what can be done once: the second comes too late
            self.logger.info("too late: %s", problem.orig)
            return errors.page(409)
        except DataError as problem:  # something that no column can hold came past the forms
            self.logger.warning("refused by the database: %s", problem.orig)
            return errors.page(400)

    def log_exception(self, exc_info: Any) -> None:
        """Note a fault by the route it happened on: the address that was asked for may be somebody's key."""
        route = request.url_rule.rule if request.url_rule is not None else "no route"
        self.logger.error("Exception on %s [%s]", route, request.method, exc_info=exc_info)


def create_app(config: Mapping[str, Any]) -> House:
    """The application, assembled.

    :raises caucusmail.settings.BadSetting: naming every setting that cannot be used.
    """
    app = House(
        "caucusmail",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "caucusmail" / "static"),
        instance_path=assembly.instance(config),
    )
    assembly.assemble(app, config)
    web.init_app(app)
    if settings.current().embedded:
        mailbox.init_app(app)
    proxies = settings.current().proxies
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]  # Flask's documented way
    app.jinja_env.globals["demo_people"] = cast.PEOPLE if settings.current().demo else ()
    return app

"""Pages behind a letter's link: kept nowhere; and what an old or broken link sees."""

from flask import Blueprint, Response, make_response, render_template

from caucusmail.tokens import BadToken


def keep_to_oneself(bp: Blueprint, page: str = "groups/old_link.html") -> None:
    """Have the answers of ``bp`` kept nowhere, and an old or broken link answered kindly, with ``page``."""

    def no_store(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response

    def old_link(_error: BadToken) -> Response:
        return make_response(render_template(page), 404)

    bp.after_request(no_store)
    bp.register_error_handler(BadToken, old_link)

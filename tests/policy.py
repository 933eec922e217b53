"""The policy our public pages promise to hold, sent with every one of them."""

from __future__ import annotations

POLICY = "default-src 'self'"


def content_security_policy(get_response):
    """The admin is Wagtail's; private pictures have a stricter one of their own."""

    def middleware(request):
        response = get_response(request)
        if not request.path.startswith("/admin/"):
            response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware

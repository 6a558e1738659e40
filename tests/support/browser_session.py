"""A browser without a screen: cookies, pages and forms."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse


class BrowserSession:
    """Keeps cookies and asks for HTML; redirects are shown, not followed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []

    async def get(self, path: str, **headers: str) -> HTTPResponse:
        """Open an address."""
        return await self.request("GET", path, None, **headers)

    async def submit(self, path: str, fields: dict[str, str], **headers: str) -> HTTPResponse:
        """Send a form."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return await self.request("POST", path, urlencode(fields).encode(), **headers)

    async def sign_in(self, email: str, password: str = "baton-demo", after: str = "") -> HTTPResponse:
        """Fill in the form and send it."""
        page = await self.get(f"/login?{urlencode({'next': after})}")
        token = re.search(r'name="_xsrf" value="([^"]+)"', page.body.decode())
        assert token is not None
        fields = {"_xsrf": token[1], "email": email, "password": password, "next": after}
        return await self.submit("/login", fields)

    async def request(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> HTTPResponse:
        """Send a request."""
        given = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", **headers}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        response = await AsyncHTTPClient().fetch(
            HTTPRequest(
                f"{self._url}{path}",
                method=method,
                headers=given,
                body=body,
                allow_nonstandard_methods=True,
                follow_redirects=False,
                decompress_response=False,
            ),
            raise_error=False,
        )
        self.set_cookies = response.headers.get_list("Set-Cookie")
        for cookie in self.set_cookies:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0].strip('"')
        return response

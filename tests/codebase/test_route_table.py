from __future__ import annotations

from handlers.routes import ROUTES
from tests.support.route_table import TABLE, methods_of, route_of


def test_every_route_and_method_is_in_the_table():
    served = {(pattern, method) for pattern, handler in ROUTES for method in methods_of(handler)}
    listed = {(route_of(case.path), case.method) for case in TABLE}
    assert served - listed == set(), "add these to tests/support/route_table.py"
    assert listed - served == set(), "these are gone: take them out of tests/support/route_table.py"
    # An address with an id in it is tried with ids of others.
    with_id = {pattern for pattern, _ in ROUTES if pattern.startswith("/app") and "{1,64}" in pattern}
    assert with_id - {route_of(case.path) for case in TABLE if case.missing} == set()

from __future__ import annotations

from tests.support.edge import Edge, running_edge


async def test_the_demo_shows_its_components_to_every_member(edge: Edge) -> None:
    member = await edge.operator("viewer@demo.test", connected=False)
    page = await member.http("GET", "/app/_kitchen", Accept="text/html")
    assert page.code == 200
    assert b'class="theme specimen" data-theme="dark"' in page.body


async def test_elsewhere_there_is_no_kitchen() -> None:
    async with running_edge(demo=False) as edge:
        member = await edge.operator("owner@demo.test", connected=False)
        assert (await member.http("GET", "/app/_kitchen", Accept="text/html")).code == 404

"""Nothing leaves for an address it should not, by whichever way it was asked to (R18)."""

import json
import subprocess

import pytest

from tests.conftest import Tally
from tests.outbound import canaries


@pytest.mark.timeout(240)
def test_no_way_out_leads_inside(tally: Tally) -> None:
    command, environment = canaries.command("tests.outbound.wanderer")

    ended = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)

    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    tries, through = found["tries"], found["through"]
    tally(
        "R18 destinations",
        payloads=found["payloads"],
        **tries,
        canaries_everywhere=found["is_alone"],
        let_through=sum(map(len, through.values())),
        canaries_reached=len(found["reached"]),
    )
    assert found["payloads"] >= 400
    assert {way: payloads for way, payloads in through.items() if payloads} == {}
    assert found["reached"] == []
    assert found["bugs"] == []

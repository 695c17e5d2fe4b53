"""Two branches that each add a step of the schema do not both get its number."""

from linkspan.server.store.migrate import migrations


def test_the_steps_are_numbered_from_one_without_a_gap() -> None:
    numbers = [step.number for step in migrations()]

    assert numbers == list(range(1, len(numbers) + 1)), "rename the step that came last"

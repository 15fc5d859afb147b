"""A family sees what it can reach from home: a postcode, and no script at all."""

import json


def test_a_family_checks_its_postcode_without_scripts(walking, county):
    walk = walking("caregiver", java_script_enabled=False)
    page, hands = walk.page, walk.hands
    [folder] = county.results.glob("run-*")
    doors = json.loads((folder / "postcodes.json").read_text(encoding="utf-8"))
    near = doors["minutes"].index(min(each for each in doors["minutes"] if each is not None))
    postcode = doors["postcode"][near]

    walk.open()
    walk.link("Check a postcode")
    hands.write(page.get_by_label("Postcode"), "somewhere")
    page.keyboard.press("Enter")
    walk.says("[role=alert]", "is not a whole postcode")
    walk.kept("mistyped")
    hands.write(page.get_by_label("Postcode"), postcode.replace(" ", "").lower())
    hands.press(page.get_by_role("button", name="Find"))
    walk.says("h1", f"What can be reached from {postcode}")
    nearest = page.locator("tbody tr").first
    names = [row["name"] for row in county.rows("download/csv?layer=provision")]
    assert nearest.locator("th").inner_text() in names
    assert float(nearest.locator("td").first.inner_text()) <= 15
    assert page.locator("tbody tr").count() == int(page.locator(".lead").inner_text().split()[2])
    walk.kept("in-reach")
    walk.link("Cymraeg")
    walk.says(".lead", "munud")
    walk.kept("in-welsh")

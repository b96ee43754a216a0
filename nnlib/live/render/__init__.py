"""What turns numbers into pictures: bytes and SVG text for the page, PNG for stored outputs."""

"""What the tests stand on: databases, servers, browser, sizes."""

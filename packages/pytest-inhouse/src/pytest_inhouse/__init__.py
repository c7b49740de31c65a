"""A throw-away package repository for anybody's own tests."""

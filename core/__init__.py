"""The product without Telegram: plain synchronous functions over a SQLAlchemy Session."""

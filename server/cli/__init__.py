"""The commands, the application factory and the production server.

Nothing else imports this package.
"""

"""Tests of the portal. The database is SQLite, or MariaDB where `COUNTERFOIL_MARIADB_URL` names one."""

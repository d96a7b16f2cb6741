-- Run once as superuser inside the (empty) database of Portavoce, then again whenever you like: it is idempotent.
-- Roles get their passwords from `portavoce bootstrap`, or from you by ALTER ROLE … PASSWORD.
DO $$
DECLARE role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['portavoce_owner', 'portavoce_app', 'portavoce_report', 'portavoce_router',
                                   'portavoce_dispatch', 'portavoce_definer', 'portavoce_backup'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
      EXECUTE format('CREATE ROLE %I', role_name);
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS', role_name);
  END LOOP;
END $$;
ALTER ROLE portavoce_backup BYPASSRLS;
ALTER ROLE portavoce_app SET statement_timeout = '30s';
ALTER ROLE portavoce_app SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE portavoce_report SET statement_timeout = '30s';
ALTER ROLE portavoce_report SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE portavoce_router SET statement_timeout = '30s';
ALTER ROLE portavoce_router SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE portavoce_dispatch SET statement_timeout = '30s';
ALTER ROLE portavoce_dispatch SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE portavoce_report SET default_transaction_read_only = on;

-- What PUBLIC may not have: temporary tables, large objects (no row security there), anything in schema public.
DO $$ BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO portavoce_owner, portavoce_app, portavoce_report, portavoce_router, portavoce_dispatch, portavoce_definer, portavoce_backup', current_database());
  EXECUTE format('GRANT CREATE ON DATABASE %I TO portavoce_owner', current_database());
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea), lo_import(text), lo_import(text, oid), lo_export(oid, text) FROM PUBLIC;

CREATE SCHEMA IF NOT EXISTS pv AUTHORIZATION portavoce_owner;
REVOKE ALL ON SCHEMA pv FROM PUBLIC;
GRANT USAGE ON SCHEMA pv TO portavoce_app, portavoce_report, portavoce_router, portavoce_dispatch, portavoce_definer, portavoce_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE portavoce_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE portavoce_owner IN SCHEMA pv GRANT SELECT ON TABLES TO portavoce_backup;

-- The owner hands its definer functions over to a role that owns nothing else.
GRANT portavoce_definer TO portavoce_owner WITH SET TRUE, INHERIT FALSE, ADMIN FALSE;

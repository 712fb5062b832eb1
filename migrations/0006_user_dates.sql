alter table users add column last_login_at bigint; -- null: never signed in here
alter table users add column password_changed_at bigint; -- null: as it was registered or imported

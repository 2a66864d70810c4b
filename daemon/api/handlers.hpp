#pragma once

#include "daemon/api/call.hpp"
#include "daemon/api/rooms.hpp"

namespace mp3conv::api {

// registration.cpp
void register_user(Rooms &rooms, Call &call);
void verify_email(Rooms &rooms, Call &call);
void show_verification(Rooms &rooms, Call &call);
void submit_verification(Rooms &rooms, Call &call);

// passwords.cpp
void change_password(Rooms &rooms, Call &call);
void request_reset(Rooms &rooms, Call &call);
void reset_password(Rooms &rooms, Call &call);

// accounts.cpp
void login(Rooms &rooms, Call &call);
void logout(Rooms &rooms, Call &call);
void show_account(Rooms &rooms, Call &call);
void delete_account(Rooms &rooms, Call &call);
void create_token(Rooms &rooms, Call &call);
void list_tokens(Rooms &rooms, Call &call);
void revoke_token(Rooms &rooms, Call &call);

// webhook.cpp
void show_webhook(Rooms &rooms, Call &call);
void set_webhook(Rooms &rooms, Call &call);
void remove_webhook(Rooms &rooms, Call &call);
void test_webhook(Rooms &rooms, Call &call);

// upload.cpp
void create_file(Rooms &rooms, Call &call);

// uploads.cpp
void show_upload_options(Rooms &rooms, Call &call);
void create_upload(Rooms &rooms, Call &call);
void show_upload(Rooms &rooms, Call &call);
void append_upload(Rooms &rooms, Call &call);
void remove_upload(Rooms &rooms, Call &call);

// files.cpp
void list_files(Rooms &rooms, Call &call);
void show_file(Rooms &rooms, Call &call);
void cancel_file(Rooms &rooms, Call &call);
void retry_file(Rooms &rooms, Call &call);
void remove_file(Rooms &rooms, Call &call);
/// @return the caller's file of that ID. @throws Error{not_found}.
queue::File require_file(Rooms &rooms, const Call &call);
/// @return false where the owner has no file, and no upload, with this ID.
bool remove_with_blobs(Rooms &rooms, system::UserId owner, const std::string &id);

// events.cpp
void follow_file(Rooms &rooms, Call &call);

// download.cpp
void create_link(Rooms &rooms, Call &call);
void download_mp3(Rooms &rooms, Call &call);

// metrics.cpp
void show_metrics(Rooms &rooms, Call &call);

// web.cpp
void show_page(Rooms &rooms, Call &call);
void show_page_file(Rooms &rooms, Call &call);

// health.cpp
void show_alive(Rooms &rooms, Call &call);
void show_ready(Rooms &rooms, Call &call);

} // namespace mp3conv::api

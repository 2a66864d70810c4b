#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "common/file_object.hpp"
#include "daemon/queue/uploads.hpp"

/// What rows mean, in whichever engine they are.
namespace mp3conv::db {

/// How long MP3s of done files stay; absent where nobody is to be told.
using KeepMp3 = std::optional<std::chrono::seconds>;

/// Notes until when the MP3 of a file stays that is done.
void note_expiry(FileObject &file, KeepMp3 keep_mp3);

std::string options_column(const Options &options);
Options options_from(const std::string &column);

/// @return the length that an upload is to have; -1 while that is not known.
int64_t length_column(const queue::Upload &upload);
/// @return what it takes of its owner's quota: all that it is to become.
int64_t reserved(const queue::Upload &upload);

/// @return the number of the row before which a page begins.
/// @throws Error{bad_request} for a cursor that no page gave out.
int64_t seq_of_cursor(const std::string &cursor);

/// IDs that start with `prefix` lie from it to this one.
std::string end_of_prefix(const std::string &prefix);

/// @return days since 1970, UTC.
int64_t day_of(Time now);

/// @return how long it is since then, and nothing where the clock was turned back meanwhile.
std::chrono::seconds waited(std::optional<Time> since, Time now);

} // namespace mp3conv::db

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cli/globals.hpp"
#include "common/error.hpp"
#include "common/file_object.hpp"

namespace mp3conv::cli {

// Standard output carries results only, each line written at once; notes and errors go to standard
// error. Text that came from elsewhere cannot move the cursor.

/// @throws Error{local_file} where nobody reads any more.
void print_result(const std::string &line);

/// One object on one line, in ASCII.
void print_result(const nlohmann::json &object);

/// @return a line a file, in columns; with a line on top that names them.
std::vector<std::string> table_of(const std::vector<FileObject> &files, bool has_head);

/// A table; with --json one object a line.
void print_files(const Globals &globals, const std::vector<FileObject> &files);

/// That an MP3 is in its place: its path; with --json its file object with the path as a member.
/// Nothing for standard output, which carries the MP3 itself.
void print_written(const Globals &globals, const FileObject &file, const std::string &path);

/// For people; not with --quiet.
void note(const Globals &globals, const std::string &text);

/// @param input what the error is about, empty where its text says it.
void print_error(bool as_json, const Error &error, const std::string &input = {});

} // namespace mp3conv::cli

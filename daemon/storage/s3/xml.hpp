#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/units.hpp"

namespace mp3conv::storage::s3 {

// What S3 answers, as docs.aws.amazon.com/AmazonS3/latest/API tells. All throw Error{busy} for what
// is no such answer.

struct Object {
    std::string key;
    uint64_t size = 0;
    Time written;
};

struct ObjectPage {
    std::vector<Object> objects;
    std::string next; ///< token of the next page; empty on the last
};

struct Upload {
    std::string key;
    std::string id;
    Time begun;
};

struct UploadPage {
    std::vector<Upload> uploads;
    std::string next_key; ///< and next_id: markers of the next page; empty on the last
    std::string next_id;
};

struct Part {
    int number = 0;
    uint64_t size = 0;
    std::string etag;
    Time written;
};

struct PartPage {
    std::vector<Part> parts; ///< by number
    std::string next;        ///< marker of the next page; empty on the last
};

ObjectPage parse_objects(std::string_view xml);
UploadPage parse_uploads(std::string_view xml);
PartPage parse_parts(std::string_view xml);
/// @return the ID of an upload that was begun.
std::string parse_upload_id(std::string_view xml);

/// @return the body that completes an upload.
std::string completion(const std::vector<Part> &parts);

struct Refusal {
    std::string code;    ///< such as NoSuchKey; empty where the answer is no error
    std::string message; ///< may be empty
};

/// @return what an answer refuses, be its status 200.
Refusal parse_refusal(std::string_view xml);

} // namespace mp3conv::storage::s3

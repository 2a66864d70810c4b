#include "daemon/storage/s3/xml.hpp"

#include <pugixml.hpp>
#include <sstream>

#include "common/error.hpp"

namespace mp3conv::storage::s3 {
namespace {

Error nonsense(const std::string &cause) {
    return {Errc::busy, "the server's storage failed; try again later", "S3 answers " + cause};
}

/// An answer, and the element that all of it is in.
class Answer {
public:
    Answer(std::string_view xml, const char *name) {
        const auto result = document_.load_buffer(xml.data(), xml.size());
        if (!result) throw nonsense(std::string{"no XML: "} + result.description());
        root_ = document_.child(name);
        if (!root_) throw nonsense(std::string{"something else than "} + name);
    }

    const pugi::xml_node *operator->() const { return &root_; }

    std::string next(const char *name) const {
        return is_truncated() ? root_.child_value(name) : std::string{};
    }

private:
    bool is_truncated() const {
        return std::string_view{root_.child_value("IsTruncated")} == "true";
    }

    pugi::xml_document document_;
    pugi::xml_node root_;
};

Time time_of(const pugi::xml_node &node, const char *name) {
    const auto time = parse_time(node.child_value(name));
    if (!time) throw nonsense(std::string{name} + ": " + node.child_value(name));
    return *time;
}

uint64_t number_of(const pugi::xml_node &node, const char *name) {
    const auto number = parse_number(node.child_value(name));
    if (!number) throw nonsense(std::string{name} + ": " + node.child_value(name));
    return *number;
}

} // namespace

ObjectPage parse_objects(std::string_view xml) {
    const Answer answer{xml, "ListBucketResult"};
    ObjectPage page;
    for (const auto &node : answer->children("Contents")) {
        page.objects.push_back(
            {node.child_value("Key"), number_of(node, "Size"), time_of(node, "LastModified")});
    }
    page.next = answer.next("NextContinuationToken");
    return page;
}

UploadPage parse_uploads(std::string_view xml) {
    const Answer answer{xml, "ListMultipartUploadsResult"};
    UploadPage page;
    for (const auto &node : answer->children("Upload")) {
        page.uploads.push_back(
            {node.child_value("Key"), node.child_value("UploadId"), time_of(node, "Initiated")});
    }
    page.next_key = answer.next("NextKeyMarker");
    page.next_id = answer.next("NextUploadIdMarker");
    return page;
}

PartPage parse_parts(std::string_view xml) {
    const Answer answer{xml, "ListPartsResult"};
    PartPage page;
    for (const auto &node : answer->children("Part")) {
        page.parts.push_back({static_cast<int>(number_of(node, "PartNumber")),
                              number_of(node, "Size"), node.child_value("ETag"),
                              time_of(node, "LastModified")});
    }
    page.next = answer.next("NextPartNumberMarker");
    return page;
}

std::string parse_upload_id(std::string_view xml) {
    const Answer answer{xml, "InitiateMultipartUploadResult"};
    return answer->child_value("UploadId");
}

std::string completion(const std::vector<Part> &parts) {
    pugi::xml_document document;
    auto root = document.append_child("CompleteMultipartUpload");
    for (const auto &part : parts) {
        auto node = root.append_child("Part");
        node.append_child("PartNumber").text().set(part.number);
        node.append_child("ETag").text().set(part.etag.c_str());
    }
    std::ostringstream text;
    document.save(text, "", pugi::format_raw);
    return text.str();
}

Refusal parse_refusal(std::string_view xml) {
    pugi::xml_document document;
    if (!document.load_buffer(xml.data(), xml.size())) return {};
    const auto error = document.child("Error");
    return {error.child_value("Code"), error.child_value("Message")};
}

} // namespace mp3conv::storage::s3

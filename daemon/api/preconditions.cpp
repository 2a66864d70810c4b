#include "daemon/api/preconditions.hpp"

namespace mp3conv::api {

bool has_it_already(const httplib::Request &request, const std::string &etag) {
    const std::string known = request.get_header_value("If-None-Match");
    return known == "*" || known.find(etag) != std::string::npos;
}

} // namespace mp3conv::api

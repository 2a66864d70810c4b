#pragma once

#include <memory>
#include <string>

#include "daemon/storage/s3/http.hpp"
#include "daemon/storage/s3/signer.hpp"

namespace mp3conv::storage::s3 {

/// Where the keys come from. Any thread may call.
class CredentialSource {
public:
    virtual ~CredentialSource() = default;

    /// @return those that are valid now. @throws Error{busy}.
    virtual Credentials get() = 0;
};

/// The first of: that file; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY with AWS_SESSION_TOKEN; the
/// credential mp3convd.s3-credentials of the service manager; the file of AWS's programs,
/// AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials; the role of the virtual machine.
/// @param file in the format of ~/.aws/credentials; read for each `get`, as someone may change it.
/// @param profile empty for AWS_PROFILE, else `default`.
std::unique_ptr<CredentialSource> open_credentials(const std::string &file,
                                                   const std::string &profile, Http &http);

} // namespace mp3conv::storage::s3

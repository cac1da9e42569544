#include "srtp_cipher.h"

// SHA1_* are the one way to hash without an allocation for every packet.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>

namespace offhook {

namespace {

constexpr std::array<SrtpSuiteShape, 6> kShapes{{
    {"AES_CM_128_HMAC_SHA1_80", 16, 14, 10, 10, false},
    // RFC 4568 section 6.2: the short tag is for RTP alone.
    {"AES_CM_128_HMAC_SHA1_32", 16, 14, 4, 10, false},
    {"AES_256_CM_HMAC_SHA1_80", 32, 14, 10, 10, false},
    {"AES_256_CM_HMAC_SHA1_32", 32, 14, 4, 10, false},
    {"AEAD_AES_128_GCM", 16, 12, 16, 16, true},
    {"AEAD_AES_256_GCM", 32, 12, 16, 16, true},
}};

constexpr std::size_t kHmacKeyBytes = 20;
constexpr std::size_t kSha1Block = 64;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kGcmVectorBytes = 12;
constexpr std::size_t kSaltBytes = 14;

/// RFC 3711 section 4.3.2; those of RTCP are three higher.
enum Label : std::uint8_t { kEncryption = 0, kAuthentication = 1, kSalting = 2 };

int length_of(std::span<const std::uint8_t> bytes) noexcept { return static_cast<int>(bytes.size()); }

/// The pseudo-random function of RFC 3711 section 4.3.3: counter mode under the master key. RFC 7714 section 11 keeps it for GCM.
bool derive_bytes(std::span<const std::uint8_t> key, std::span<const std::uint8_t> salt, std::uint8_t label,
                  std::span<std::uint8_t> out) {
  std::array<std::uint8_t, 16> vector{};
  std::copy(salt.begin(), salt.end(), vector.begin());
  vector[7] ^= label;
  std::fill(out.begin(), out.end(), std::uint8_t{0});
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  if (context == nullptr) return false;
  const EVP_CIPHER* cipher = key.size() == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr();
  int written = 0;
  const bool done = EVP_EncryptInit_ex(context, cipher, nullptr, key.data(), vector.data()) == 1 &&
                    EVP_EncryptUpdate(context, out.data(), &written, out.data(), length_of(out)) == 1;
  EVP_CIPHER_CTX_free(context);
  return done;
}

}  // namespace

const SrtpSuiteShape& shape_of(SrtpSuite suite) noexcept { return kShapes[static_cast<std::size_t>(suite)]; }

std::optional<SrtpSuite> srtp_suite_of(std::string_view name) noexcept {
  const auto found = std::find_if(kShapes.begin(), kShapes.end(), [name](const auto& shape) { return shape.name == name; });
  if (found == kShapes.end()) return std::nullopt;
  return static_cast<SrtpSuite>(found - kShapes.begin());
}

struct SrtpCipher::Hmac {
  SHA_CTX inner;
  SHA_CTX outer;

  explicit Hmac(std::span<const std::uint8_t, kHmacKeyBytes> key) noexcept {
    start(inner, key, 0x36);
    start(outer, key, 0x5C);
  }
  ~Hmac() { OPENSSL_cleanse(this, sizeof *this); }

 private:
  static void start(SHA_CTX& state, std::span<const std::uint8_t, kHmacKeyBytes> key, std::uint8_t pad) noexcept {
    std::array<std::uint8_t, kSha1Block> block;
    block.fill(pad);
    for (std::size_t i = 0; i < key.size(); ++i) block[i] ^= key[i];
    SHA1_Init(&state);
    SHA1_Update(&state, block.data(), block.size());
    OPENSSL_cleanse(block.data(), block.size());
  }
};

SrtpCipher::SrtpCipher(const SrtpSuiteShape& shape) : shape_(shape), context_(EVP_CIPHER_CTX_new()) {}

SrtpCipher::~SrtpCipher() {
  EVP_CIPHER_CTX_free(context_);
  OPENSSL_cleanse(salt_.data(), salt_.size());
}

std::unique_ptr<SrtpCipher> SrtpCipher::derive(SrtpSuite suite, std::span<const std::uint8_t> master, Stream stream,
                                               SrtpDirection direction) {
  const SrtpSuiteShape& shape = shape_of(suite);
  if (master.size() != shape.key_bytes + shape.salt_bytes) return nullptr;
  std::unique_ptr<SrtpCipher> cipher(new SrtpCipher(shape));
  return cipher->context_ != nullptr && cipher->set_keys(master, stream, direction) ? std::move(cipher) : nullptr;
}

bool SrtpCipher::set_keys(std::span<const std::uint8_t> master, Stream stream, SrtpDirection direction) {
  const auto master_key = master.first(shape_.key_bytes);
  const auto master_salt = master.subspan(shape_.key_bytes);
  const std::uint8_t first_label = stream == Stream::rtp ? 0 : 3;
  std::array<std::uint8_t, 32> key_buffer{};
  const auto key = std::span(key_buffer).first(shape_.key_bytes);
  std::array<std::uint8_t, kHmacKeyBytes> hmac_key{};
  bool done = derive_bytes(master_key, master_salt, static_cast<std::uint8_t>(first_label + kEncryption), key) &&
              derive_bytes(master_key, master_salt, static_cast<std::uint8_t>(first_label + kSalting),
                           std::span(salt_).first(shape_.salt_bytes));
  if (shape_.aead) {
    const EVP_CIPHER* cipher = key.size() == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm();
    const int encrypts = direction == SrtpDirection::protect ? 1 : 0;
    done = done && EVP_CipherInit_ex(context_, cipher, nullptr, key.data(), nullptr, encrypts) == 1;
  } else {
    const EVP_CIPHER* cipher = key.size() == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr();
    done = done && EVP_EncryptInit_ex(context_, cipher, nullptr, key.data(), nullptr) == 1 &&
           derive_bytes(master_key, master_salt, static_cast<std::uint8_t>(first_label + kAuthentication), hmac_key);
    hmac_ = std::make_unique<Hmac>(std::span<const std::uint8_t, kHmacKeyBytes>(hmac_key));
  }
  OPENSSL_cleanse(key_buffer.data(), key_buffer.size());
  OPENSSL_cleanse(hmac_key.data(), hmac_key.size());
  return done;
}

/// SSRC and index laid over the salt. GCM takes the first twelve bytes, two places earlier (RFC 7714 section 8.1).
std::array<std::uint8_t, 16> SrtpCipher::vector_of(std::uint32_t ssrc, std::uint64_t index) const noexcept {
  std::array<std::uint8_t, 16> vector{};
  std::copy_n(salt_.begin(), kSaltBytes, vector.begin());
  const std::size_t at = shape_.aead ? 2 : 4;
  for (std::size_t i = 0; i < 4; ++i) vector[at + i] ^= static_cast<std::uint8_t>(ssrc >> (24 - 8 * i));
  for (std::size_t i = 0; i < 6; ++i) vector[at + 4 + i] ^= static_cast<std::uint8_t>(index >> (40 - 8 * i));
  return vector;
}

bool SrtpCipher::crypt(std::uint32_t ssrc, std::uint64_t index, std::span<std::uint8_t> payload) noexcept {
  const auto vector = vector_of(ssrc, index);
  int written = 0;
  return EVP_EncryptInit_ex(context_, nullptr, nullptr, nullptr, vector.data()) == 1 &&
         EVP_EncryptUpdate(context_, payload.data(), &written, payload.data(), length_of(payload)) == 1;
}

void SrtpCipher::authenticate(std::span<const std::uint8_t> packet, std::span<const std::uint8_t> trailer,
                              std::span<std::uint8_t, 20> tag) const noexcept {
  SHA_CTX state = hmac_->inner;
  SHA1_Update(&state, packet.data(), packet.size());
  SHA1_Update(&state, trailer.data(), trailer.size());
  SHA1_Final(tag.data(), &state);
  state = hmac_->outer;
  SHA1_Update(&state, tag.data(), tag.size());
  SHA1_Final(tag.data(), &state);
}

bool SrtpCipher::seal(std::uint32_t ssrc, std::uint64_t index, std::span<const std::uint8_t> header,
                      std::span<const std::uint8_t> trailer, std::span<std::uint8_t> payload, std::uint8_t* tag) noexcept {
  const auto vector = vector_of(ssrc, index);
  static_assert(kGcmVectorBytes <= vector.size());
  int written = 0;
  return EVP_EncryptInit_ex(context_, nullptr, nullptr, nullptr, vector.data()) == 1 &&
         EVP_EncryptUpdate(context_, nullptr, &written, header.data(), length_of(header)) == 1 &&
         (trailer.empty() || EVP_EncryptUpdate(context_, nullptr, &written, trailer.data(), length_of(trailer)) == 1) &&
         EVP_EncryptUpdate(context_, payload.data(), &written, payload.data(), length_of(payload)) == 1 &&
         EVP_EncryptFinal_ex(context_, payload.data() + payload.size(), &written) == 1 &&
         EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_GET_TAG, kTagBytes, tag) == 1;
}

bool SrtpCipher::open(std::uint32_t ssrc, std::uint64_t index, std::span<const std::uint8_t> header,
                      std::span<const std::uint8_t> trailer, std::span<std::uint8_t> payload, const std::uint8_t* tag) noexcept {
  const auto vector = vector_of(ssrc, index);
  std::array<std::uint8_t, kTagBytes> expected;
  std::copy_n(tag, kTagBytes, expected.begin());
  int written = 0;
  return EVP_DecryptInit_ex(context_, nullptr, nullptr, nullptr, vector.data()) == 1 &&
         EVP_DecryptUpdate(context_, nullptr, &written, header.data(), length_of(header)) == 1 &&
         (trailer.empty() || EVP_DecryptUpdate(context_, nullptr, &written, trailer.data(), length_of(trailer)) == 1) &&
         EVP_DecryptUpdate(context_, payload.data(), &written, payload.data(), length_of(payload)) == 1 &&
         EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_SET_TAG, kTagBytes, expected.data()) == 1 &&
         EVP_DecryptFinal_ex(context_, payload.data() + payload.size(), &written) == 1;
}

}  // namespace offhook

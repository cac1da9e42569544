#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

struct evp_cipher_ctx_st;

namespace offhook {

/// The crypto suites of RFC 4568, RFC 6188 and RFC 7714, as a=crypto names them.
enum class SrtpSuite : std::uint8_t {
  aes_cm_128_hmac_sha1_80,
  aes_cm_128_hmac_sha1_32,
  aes_256_cm_hmac_sha1_80,
  aes_256_cm_hmac_sha1_32,
  aead_aes_128_gcm,
  aead_aes_256_gcm,
};

struct SrtpSuiteShape {
  std::string_view name;
  std::size_t key_bytes;
  std::size_t salt_bytes;
  std::size_t rtp_tag_bytes;
  std::size_t rtcp_tag_bytes;
  bool aead;
};

[[nodiscard]] const SrtpSuiteShape& shape_of(SrtpSuite suite) noexcept;
[[nodiscard]] std::optional<SrtpSuite> srtp_suite_of(std::string_view name) noexcept;

/// Room that protection needs behind a packet: the longest tag, and the index that SRTCP adds.
inline constexpr std::size_t kSrtpOverheadBytes = 16 + 4;

enum class SrtpDirection : std::uint8_t { protect, unprotect };

/// What one direction of RTP or of RTCP computes with: session keys derived from a master key (RFC 3711 section 4.3, key
/// derivation rate 0), and ciphers that are set up once. Not thread-safe; nothing is allocated after construction.
class SrtpCipher {
 public:
  enum class Stream : std::uint8_t { rtp, rtcp };

  /// Empty when `master` is not the suite's key followed by its salt, or when OpenSSL refuses.
  static std::unique_ptr<SrtpCipher> derive(SrtpSuite suite, std::span<const std::uint8_t> master, Stream stream,
                                            SrtpDirection direction);
  ~SrtpCipher();
  SrtpCipher(const SrtpCipher&) = delete;
  SrtpCipher& operator=(const SrtpCipher&) = delete;

  [[nodiscard]] const SrtpSuiteShape& shape() const noexcept { return shape_; }

  /// Counter mode, both directions (RFC 3711 section 4.1.1). `index` has 48 bits for RTP and 31 for RTCP.
  bool crypt(std::uint32_t ssrc, std::uint64_t index, std::span<std::uint8_t> payload) noexcept;
  /// HMAC-SHA1 over `packet` and then `trailer` (RFC 3711 section 4.2.1).
  void authenticate(std::span<const std::uint8_t> packet, std::span<const std::uint8_t> trailer,
                    std::span<std::uint8_t, 20> tag) const noexcept;

  /// GCM (RFC 7714 section 8): `header` and `trailer` are authenticated, `payload` is turned in place; 16 bytes of tag.
  bool seal(std::uint32_t ssrc, std::uint64_t index, std::span<const std::uint8_t> header, std::span<const std::uint8_t> trailer,
            std::span<std::uint8_t> payload, std::uint8_t* tag) noexcept;
  /// False when the tag is wrong; `payload` is worthless then.
  bool open(std::uint32_t ssrc, std::uint64_t index, std::span<const std::uint8_t> header, std::span<const std::uint8_t> trailer,
            std::span<std::uint8_t> payload, const std::uint8_t* tag) noexcept;

 private:
  /// State of SHA-1 after the inner and the outer key block, so that a packet costs no key schedule.
  struct Hmac;

  explicit SrtpCipher(const SrtpSuiteShape& shape);
  bool set_keys(std::span<const std::uint8_t> master, Stream stream, SrtpDirection direction);
  [[nodiscard]] std::array<std::uint8_t, 16> vector_of(std::uint32_t ssrc, std::uint64_t index) const noexcept;

  const SrtpSuiteShape& shape_;
  evp_cipher_ctx_st* context_;
  std::unique_ptr<Hmac> hmac_;
  std::array<std::uint8_t, 14> salt_{};
};

}  // namespace offhook

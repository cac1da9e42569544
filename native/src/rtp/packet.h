#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace offhook {

inline constexpr std::size_t kRtpHeaderBytes = 12;

struct RtpHeader {
  std::uint8_t payload_type{0};  ///< 7 bits
  bool marker{false};
  std::uint16_t sequence{0};
  std::uint32_t timestamp{0};
  std::uint32_t ssrc{0};
};

/// A packet as received. `payload` lies in the datagram it was parsed from and is without padding; it may be empty.
struct RtpView : RtpHeader {
  std::span<const std::uint8_t> payload;
};

namespace rtp_detail {

inline std::uint16_t read_u16(const std::uint8_t* at) noexcept { return static_cast<std::uint16_t>((at[0] << 8) | at[1]); }

inline std::uint32_t read_u32(const std::uint8_t* at) noexcept {
  return (static_cast<std::uint32_t>(at[0]) << 24U) | (static_cast<std::uint32_t>(at[1]) << 16U) |
         (static_cast<std::uint32_t>(at[2]) << 8U) | static_cast<std::uint32_t>(at[3]);
}

inline void write_u16(std::uint8_t* at, std::uint16_t value) noexcept {
  at[0] = static_cast<std::uint8_t>(value >> 8U);
  at[1] = static_cast<std::uint8_t>(value & 0xFFU);
}

inline void write_u32(std::uint8_t* at, std::uint32_t value) noexcept {
  write_u16(at, static_cast<std::uint16_t>(value >> 16U));
  write_u16(at + 2, static_cast<std::uint16_t>(value & 0xFFFFU));
}

}  // namespace rtp_detail

/// RFC 3550 section 5.1, with CSRCs and a header extension skipped and padding cut off. Empty for whatever is not RTP,
/// RTCP on the same port included: its packet types read as payload types 64 to 95 (RFC 5761 section 4).
[[nodiscard]] inline std::optional<RtpView> parse_rtp(std::span<const std::uint8_t> datagram) noexcept {
  if (datagram.size() < kRtpHeaderBytes) return std::nullopt;
  const std::uint8_t* bytes = datagram.data();
  if ((bytes[0] >> 6U) != 2U) return std::nullopt;

  RtpView packet;
  packet.marker = (bytes[1] & 0x80U) != 0;
  packet.payload_type = static_cast<std::uint8_t>(bytes[1] & 0x7FU);
  if (packet.payload_type >= 64 && packet.payload_type <= 95) return std::nullopt;
  packet.sequence = rtp_detail::read_u16(bytes + 2);
  packet.timestamp = rtp_detail::read_u32(bytes + 4);
  packet.ssrc = rtp_detail::read_u32(bytes + 8);

  std::size_t begin = kRtpHeaderBytes + 4U * (bytes[0] & 0x0FU);
  std::size_t end = datagram.size();
  if ((bytes[0] & 0x10U) != 0) {
    if (begin + 4 > end) return std::nullopt;
    begin += 4 + 4U * rtp_detail::read_u16(bytes + begin + 2);
  }
  if (begin > end) return std::nullopt;
  if ((bytes[0] & 0x20U) != 0) {
    // The last byte counts the padding and itself, so neither zero nor more than what follows the header can be true.
    const std::size_t padding = bytes[end - 1];
    if (padding == 0 || padding > end - begin) return std::nullopt;
    end -= padding;
  }
  packet.payload = datagram.subspan(begin, end - begin);
  return packet;
}

/// Writes the twelve fixed bytes. Returns how many were written: 0 when `out` is too short.
[[nodiscard]] inline std::size_t write_rtp_header(std::span<std::uint8_t> out, const RtpHeader& header) noexcept {
  if (out.size() < kRtpHeaderBytes) return 0;
  out[0] = 0x80;  // version 2, nothing optional
  out[1] = static_cast<std::uint8_t>((header.marker ? 0x80U : 0U) | (header.payload_type & 0x7FU));
  rtp_detail::write_u16(out.data() + 2, header.sequence);
  rtp_detail::write_u32(out.data() + 4, header.timestamp);
  rtp_detail::write_u32(out.data() + 8, header.ssrc);
  return kRtpHeaderBytes;
}

}  // namespace offhook

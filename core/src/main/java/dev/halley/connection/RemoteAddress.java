/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.connection;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What counts as one remote address. One client of IPv6 has at least all addresses of a
 * /64, so that these count as one; an address of IPv4 counts as such in whichever form it
 * comes. Proxies add ports and brackets, and a port of each connection's own would make
 * of one client many.
 */
final class RemoteAddress {

	/**
	 * The longest that is no address, such as the unknown or a name that a proxy gives.
	 */
	private static final int LONGEST = 64;

	private static final int NETWORK_BYTES = 8;

	private static final byte[] NAT64 = HexFormat.of().parseHex("0064ff9b0000000000000000");

	private static final Pattern BRACKETS = Pattern.compile("\\[([^]]*)](?::\\d*)?");

	private static final Pattern IPV4 = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3})(?::\\d*)?");

	private static final Pattern IPV6 = Pattern.compile("([0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(?:%.*)?");

	private RemoteAddress() {
	}

	/**
	 * Returns what to count a connection under. Looks up no names.
	 * @param address as the server knows it
	 * @return the same for all addresses that count as one
	 */
	static String key(String address) {
		String bare = withoutBrackets(address.strip());
		Matcher ipv4 = IPV4.matcher(bare);
		if (ipv4.matches()) {
			return ipv4.group(1);
		}
		Matcher ipv6 = IPV6.matcher(bare);
		return ipv6.matches() ? networkOf(ipv6.group(1)) : cut(bare);
	}

	private static String withoutBrackets(String address) {
		Matcher matcher = BRACKETS.matcher(address);
		return matcher.matches() ? matcher.group(1) : address;
	}

	/** With a colon in it this is parsed and never looked up. */
	private static String networkOf(String ipv6) {
		try {
			InetAddress address = InetAddress.getByName(ipv6);
			return (address instanceof Inet6Address whole) ? networkOf(whole) : address.getHostAddress();
		}
		catch (UnknownHostException ex) {
			return cut(ipv6);
		}
	}

	/** On a link all addresses have one network, and each may be another machine's. */
	private static String networkOf(Inet6Address address) throws UnknownHostException {
		byte[] bytes = address.getAddress();
		if (Arrays.equals(bytes, 0, NAT64.length, NAT64, 0, NAT64.length)) {
			return InetAddress.getByAddress(Arrays.copyOfRange(bytes, NAT64.length, bytes.length)).getHostAddress();
		}
		if (address.isLinkLocalAddress()) {
			return HexFormat.of().formatHex(bytes);
		}
		return HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES) + "/64";
	}

	private static String cut(String name) {
		return (name.length() > LONGEST) ? name.substring(0, LONGEST) : name;
	}

}

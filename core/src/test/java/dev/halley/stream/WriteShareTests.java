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

package dev.halley.stream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.ServletConnection;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.apache.catalina.connector.RequestFacade;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.mock;

/**
 * Tests for {@link WriteShare}.
 */
class WriteShareTests {

	private static final AtomicInteger CONNECTIONS = new AtomicInteger();

	private final String connection = "test-" + CONNECTIONS.incrementAndGet();

	private final List<WriteShare> shares = new ArrayList<>();

	private static HttpServletRequest request(String protocol, String connection) {
		ServletConnection of = mock(ServletConnection.class);
		given(of.getConnectionId()).willReturn(connection);
		RequestFacade request = mock(RequestFacade.class);
		given(request.getProtocol()).willReturn(protocol);
		given(request.getServletConnection()).willReturn(of);
		return request;
	}

	private WriteShare share() {
		this.shares.add(WriteShare.of(request("HTTP/2.0", this.connection)));
		return this.shares.get(this.shares.size() - 1);
	}

	private WriteShare shareAmong(int streams) {
		WriteShare share = share();
		for (int i = 1; i < streams; i++) {
			share();
		}
		return share;
	}

	@AfterEach
	void closeAll() {
		this.shares.forEach(WriteShare::close);
	}

	@Test
	void aConnectionOfItsOwnIsNeverUsedUp() {
		WriteShare share = WriteShare.of(request("HTTP/1.1", this.connection));
		assertThat(share.next(0)).isEqualTo(8 * 1024);
		assertThat(share.next(1_000_000)).isEqualTo(8 * 1024);
		assertThat(share.isUsedUp(1_000_000)).isFalse();
	}

	@Test
	void anotherServersConnectionIsNeverUsedUp() {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setProtocol("HTTP/2.0");
		assertThat(WriteShare.of(request).isUsedUp(1_000_000)).isFalse();
	}

	@Test
	void aWrappedRequestSharesItsConnection() {
		HttpServletRequest wrapped = new HttpServletRequestWrapper(request("HTTP/2.0", this.connection));
		WriteShare share = WriteShare.of(wrapped);
		this.shares.add(share);
		assertThat(share.isUsedUp(8 * 1024)).isTrue();
	}

	@Test
	void aStreamAloneHasTheMost() {
		WriteShare share = share();
		assertThat(share.next(0)).isEqualTo(8 * 1024);
		assertThat(share.next(1024)).isEqualTo(7 * 1024);
		assertThat(share.isUsedUp(8 * 1024 - 1)).isFalse();
		assertThat(share.isUsedUp(8 * 1024)).isTrue();
	}

	@Test
	void thereIsAlwaysSomethingNext() {
		assertThat(share().next(8 * 1024)).isEqualTo(1);
		assertThat(share().next(9 * 1024)).isEqualTo(1);
	}

	@Test
	void fourStreamsHaveAQuarterEach() {
		assertThat(shareAmong(4).next(0)).isEqualTo(4 * 1024);
	}

	@Test
	void thousandsOfStreamsHaveTheLeast() {
		assertThat(shareAmong(1000).next(0)).isEqualTo(128);
	}

	@Test
	void whoeverClosesLeavesMoreToTheOthers() {
		WriteShare share = shareAmong(4);
		this.shares.get(2).close();
		this.shares.get(3).close();
		assertThat(share.next(0)).isEqualTo(8 * 1024);
		share();
		assertThat(share.next(0)).isEqualTo(16 * 1024 / 3);
	}

	@Test
	void whoeverClosesTwiceLeavesOnce() {
		WriteShare share = shareAmong(4);
		this.shares.get(3).close();
		this.shares.get(3).close();
		assertThat(share.next(0)).isEqualTo(16 * 1024 / 3);
	}

	@Test
	void othersConnectionsDoNotCount() {
		WriteShare share = share();
		for (int i = 0; i < 3; i++) {
			this.shares.add(WriteShare.of(request("HTTP/2.0", this.connection + "-other")));
		}
		assertThat(share.next(0)).isEqualTo(8 * 1024);
	}

	@Test
	void aShareThatIsUsedUpIsFlushedBeforeThereIsMore() throws IOException {
		ScriptedOutput output = new ScriptedOutput();
		ResponseWriter writer = new ResponseWriter(output, shareAmong(8));
		writer.add("x".repeat(1024).getBytes());
		writer.add("y".repeat(2048).getBytes());
		writer.add("z".getBytes());
		writer.flush();
		writer.write();
		assertThat(output.log).containsExactly("x".repeat(1024), "y".repeat(1024), "<flush>", "y".repeat(1024), "z",
				"<flush>");
	}

}

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

package dev.halley.pages;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

import dev.halley.Hubs;
import dev.halley.pages.OrdersPage.Order;
import dev.halley.pages.OrdersPage.OrderPlaced;
import dev.halley.test.HubTester;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Runs what docs/hubs.md shows of transactions.
 */
@SpringBootTest(properties = { "halley.hub.history[0].name=orders", "halley.hub.history[0].count=100" })
@Import(OrdersPage.class)
class OrdersPageTests {

	@Test
	void tellsOfWhatWasCommitted(@Autowired OrdersPage orders, @Autowired Hubs hubs) {
		HubTester<OrderPlaced> hub = HubTester.of(hubs.hub("orders", OrderPlaced.class));
		assertThatIllegalArgumentException().isThrownBy(() -> orders.place(new Order(1, 0)));
		orders.place(new Order(2, 10));
		orders.place(new Order(2, 10));
		orders.place(new Order(3, 10));
		hub.expect(new OrderPlaced(2, 10)).expect(new OrderPlaced(3, 10));
	}

	@TestConfiguration(proxyBeanMethods = false)
	@EnableTransactionManagement(proxyTargetClass = true)
	static class Transactions {

		@Bean
		AbstractPlatformTransactionManager transactions() {
			return new NoDatabase();
		}

	}

	/**
	 * Has nothing to commit.
	 */
	static class NoDatabase extends AbstractPlatformTransactionManager {

		@Override
		protected Object doGetTransaction() {
			return this;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

	}

}

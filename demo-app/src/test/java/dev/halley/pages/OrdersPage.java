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

import java.util.ArrayList;
import java.util.List;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;

import dev.halley.Hubs;

/**
 * What docs/hubs.md shows of transactions.
 */
@Service
public class OrdersPage {

	private final Orders orders = new Orders();

	private final ApplicationEventPublisher events;

	private final Hubs hubs;

	OrdersPage(ApplicationEventPublisher events, Hubs hubs) {
		this.events = events;
		this.hubs = hubs;
	}

	@Transactional
	public void place(Order order) {
		this.orders.save(order);
		this.events.publishEvent(new OrderPlaced(order.id(), order.total()));
	}

	@TransactionalEventListener
	void tell(OrderPlaced placed) {
		this.hubs.hub("orders", OrderPlaced.class).publishOnce(placed, "placed." + placed.id());
	}

	record Order(long id, int total) {
	}

	record OrderPlaced(long id, int total) {
	}

	/**
	 * A repository, which refuses orders of nothing.
	 */
	static class Orders {

		private final List<Order> all = new ArrayList<>();

		void save(Order order) {
			if (order.total() == 0) {
				throw new IllegalArgumentException("total: 0");
			}
			this.all.add(order);
		}

	}

}
